import { describe, expect, it } from "vitest";
import { TeacherError, type TeacherPort } from "../../../../src/synthesis/teacher.ts";
import { PatientTeacher } from "../../../../src/synthesis/teaching/patient-teacher.ts";
import { wait } from "../../../../src/synthesis/teaching/wait.ts";

const reply = { text: "a", usage: { prompt: 1, completion: 1 } };

/** A teacher that fails with these errors first; tells the waits and how often it was asked. */
function after(errors: readonly TeacherError[], tries = 5) {
  const waits: number[] = [];
  let asked = 0;
  const teacher: TeacherPort = {
    name: "Tiny",
    model: "tiny",
    complete: () => {
      const error = errors[asked++];
      return error ? Promise.reject(error) : Promise.resolve(reply);
    },
  };
  const patient = new PatientTeacher(teacher, {
    tries,
    wait: (milliseconds) => {
      waits.push(milliseconds);
      return Promise.resolve();
    },
  });
  const { signal } = new AbortController();
  return { ask: () => patient.complete([], { signal }), waits, asked: () => asked };
}

const interrupted = (retryAfterMs?: number) =>
  new TeacherError("interrupted", "broke off", retryAfterMs === undefined ? {} : { retryAfterMs });
const quota = (retryAfterMs?: number) =>
  new TeacherError("quota", "no more", retryAfterMs === undefined ? {} : { retryAfterMs });

describe("PatientTeacher", () => {
  it("waits longer each time, and gives up in the end", async () => {
    const { ask, waits, asked } = after(Array.from({ length: 9 }, () => interrupted()));
    await expect(ask()).rejects.toMatchObject({ kind: "interrupted" });
    expect(asked()).toBe(5);
    expect(waits).toHaveLength(4);
    for (const [index, milliseconds] of waits.entries()) {
      expect(milliseconds).toBeGreaterThanOrEqual(500 * 2 ** index);
      expect(milliseconds).toBeLessThan(1500 * 2 ** index);
    }
  });

  it("waits as long as it is told to, and no shorter", async () => {
    const { ask, waits } = after([quota(7000), interrupted(9000)]);
    expect(await ask()).toEqual(reply);
    expect(waits).toEqual([7000, 9000]);
  });

  it("does not wait for minutes, nor for what waiting does not mend", async () => {
    for (const error of [
      quota(600_000),
      quota(),
      new TeacherError("forbidden", "no"),
      new TeacherError("unavailable", "gone"),
      new TeacherError("failed", "wrong"),
      new TeacherError("cancelled", "stopped"),
    ]) {
      const { ask, asked } = after([error]);
      await expect(ask()).rejects.toBe(error);
      expect(asked()).toBe(1);
    }
  });
});

describe("wait", () => {
  it("ends with the signal", async () => {
    const controller = new AbortController();
    const waiting = wait(60_000, controller.signal);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ kind: "cancelled" });
    await expect(wait(60_000, controller.signal)).rejects.toMatchObject({ kind: "cancelled" });
    await wait(1, new AbortController().signal);
  });
});
