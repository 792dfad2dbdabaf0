import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { InferenceSession, Tensor } from "onnxruntime-node";
import { z } from "zod";
import { encode } from "./encode.ts";
import type { CategoryModel, CategoryOdds, CategoryQuestion } from "../policy/model-classifier.ts";
import { Pieces } from "../policy/pieces.ts";

const Vocabulary = z.array(z.tuple([z.string(), z.number()]));

/**
 * The network that tells categories (`media/categories`, see its model card), on one thread of
 * onnxruntime's CPU provider.
 */
export class CategoryNetwork implements CategoryModel {
  readonly #session: InferenceSession;
  readonly #Tensor: typeof Tensor;
  readonly #pieces: Pieces;

  private constructor(session: InferenceSession, tensor: typeof Tensor, pieces: Pieces) {
    this.#session = session;
    this.#Tensor = tensor;
    this.#pieces = pieces;
  }

  /** @param folder with `model.onnx` and `vocabulary.json`. */
  static async load(folder: string): Promise<CategoryNetwork> {
    const vocabulary = JSON.parse(
      await readFile(join(folder, "vocabulary.json"), "utf8"),
    ) as unknown;
    // Loaded here, so that a platform without the native library can be told apart.
    const { InferenceSession, Tensor } = await import("onnxruntime-node");
    const session = await InferenceSession.create(join(folder, "model.onnx"), {
      executionProviders: ["cpu"],
      graphOptimizationLevel: "all",
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
    });
    return new CategoryNetwork(session, Tensor, new Pieces(Vocabulary.parse(vocabulary)));
  }

  /**
   * Each question is asked alone: the 8-bit scales of a batch are common to it, so that an answer
   * would depend on what else was asked. On one core a batch is not faster.
   */
  async odds(questions: readonly CategoryQuestion[]): Promise<CategoryOdds[]> {
    const found: CategoryOdds[] = [];
    for (const question of questions) {
      const { tokens, features } = encode(this.#pieces, question);
      const { odds } = await this.#session.run({
        tokens: new this.#Tensor("int64", BigInt64Array.from(tokens, BigInt), [1, tokens.length]),
        features: new this.#Tensor("float32", Float32Array.from(features), [1, features.length]),
      });
      found.push(Array.from(odds!.data as Float32Array));
    }
    return found;
  }
}
