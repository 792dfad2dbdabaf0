// Every suite that runs inside the extension host.
import "./activation.ts";
import "./lint.ts";
