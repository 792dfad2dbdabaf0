import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { zipSync, type Zippable } from "fflate";
import { isMissing } from "../../files.ts";
import { type Trainers, trlFiles } from "../../trainers.ts";

/** What a job's working directory holds: the programs, and what they work on. */
export interface Package {
  name: string;
  content: Uint8Array;
}

/** A run's package: `ingrain_ray`, `ingrain_trl`, and in `run/` what they need of its folder. */
export async function packageRun(folder: string, trainers: Pick<Trainers, "trainer">) {
  const wanted = ["run.json", "resume.json", "retention.txt", "replay.txt", "dataset"];
  const files = await Promise.all(
    wanted.map((name) => filesIn(join(folder, name), `run/${name}`, () => true)),
  );
  return zip([...(await programs(trainers)), ...files.flat()]);
}

/** A pre-flight's package: the programs, and what is asked. */
export async function packageCheck(asked: object, trainers: Pick<Trainers, "trainer">) {
  const check: Entry = ["check.json", Buffer.from(JSON.stringify(asked))];
  return zip([...(await programs(trainers)), check]);
}

type Entry = [path: string, content: Uint8Array];

async function programs(trainers: Pick<Trainers, "trainer">): Promise<Entry[]> {
  const { folder, ray } = trlFiles(trainers);
  const isPython = (name: string) => name.endsWith(".py");
  const parts = await Promise.all([
    filesIn(join(ray, "ingrain_ray"), "ingrain_ray", isPython),
    filesIn(join(folder, "ingrain_trl"), "ingrain_trl", isPython),
    filesIn(join(folder, "preflight.py"), "preflight.py", isPython),
  ]);
  return parts.flat();
}

/** A file, or the files of a folder, by their names in the package; none where there is nothing. */
async function filesIn(
  path: string,
  name: string,
  fits: (name: string) => boolean,
): Promise<Entry[]> {
  try {
    const children = await readdir(path);
    const parts = children.map((child) => filesIn(join(path, child), `${name}/${child}`, fits));
    return (await Promise.all(parts)).flat();
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  try {
    return fits(name) ? [[name, await readFile(path)]] : [];
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Named by its content, as Ray names packages; the same files give the same bytes. */
function zip(entries: readonly Entry[]): Package {
  const tree: Zippable = {};
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  // The earliest time that the format knows.
  for (const [path, content] of sorted) tree[path] = [content, { mtime: "1980-01-01T12:00:00" }];
  const content = zipSync(tree, { level: 6 });
  const hash = createHash("sha256").update(content).digest("hex");
  return { name: `_ray_pkg_ingrain_${hash.slice(0, 40)}.zip`, content };
}
