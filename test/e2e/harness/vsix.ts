/** The package under test; `npm run test:e2e` builds it and names it. */
export function packagedExtension(): string {
  const path = process.env["INGRAIN_VSIX"];
  if (path === undefined) throw new Error("INGRAIN_VSIX names no package: use npm run test:e2e");
  return path;
}
