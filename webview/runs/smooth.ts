/**
 * An exponential moving average without its bias towards the beginning: the weights of the values so
 * far add up to one, as in TensorBoard. What was not measured stays so.
 * @param weight of what came before, 0 (no smoothing) to under 1.
 */
export function smooth(values: readonly (number | null)[], weight: number): (number | null)[] {
  let average = 0;
  let known = 0;
  return values.map((value) => {
    if (value === null) return null;
    average = weight * average + (1 - weight) * value;
    known = weight * known + (1 - weight);
    return average / known;
  });
}
