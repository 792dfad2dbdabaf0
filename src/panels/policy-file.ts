import * as vscode from "vscode";
import type { ActivePolicy } from "../editor/active-policy.ts";
import type { PolicyDocuments } from "../editor/policy-documents.ts";
import { InputError } from "../policy/errors.ts";

/**
 * The policy's file, saved: what is trained on is what stands on the disk.
 * @param uri the file; else the Markdown file that is edited, or the policy edited last.
 * @throws InputError when there is none, or it does not lie on a disk.
 */
export async function savedPolicy(
  uri: vscode.Uri | undefined,
  { policies, active }: { policies: PolicyDocuments; active: ActivePolicy },
): Promise<vscode.Uri> {
  const editor = vscode.window.activeTextEditor?.document;
  const document = uri
    ? await vscode.workspace.openTextDocument(uri)
    : editor?.languageId === "markdown"
      ? editor
      : active.document;
  if (!document) throw new InputError("No policy is open.", "Open one and try again.");
  if (document.isUntitled) {
    throw new InputError("The policy is not saved in a file yet.", "Save it and try again.");
  }
  if (document.uri.scheme !== "file") {
    throw new InputError("The policy does not lie on a disk that training can read.");
  }
  if (document.isDirty && !(await document.save())) {
    throw new InputError("The policy could not be saved.");
  }
  if (!(await policies.read(document))) await policies.treat(document, true);
  return document.uri;
}
