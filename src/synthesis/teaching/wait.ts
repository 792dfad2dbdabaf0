import { TeacherError } from "../teacher.ts";

/** Waits, unless the signal ends it first. @throws TeacherError of the kind `cancelled` */
export async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const done = () => {
      signal.removeEventListener("abort", stop);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    const stop = () => {
      clearTimeout(timer);
      reject(cancelled());
    };
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}

export function cancelled(): TeacherError {
  return new TeacherError("cancelled", "The question was cancelled.");
}
