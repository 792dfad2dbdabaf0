// Every suite that runs inside the extension host.
import "./activation.ts";
import "./comparison.ts";
import "./author.ts";
import "./trees.ts";
import "./lint.ts";
import "./results.ts";
