/**
 * What is run after what, and what beside it: each stage is a list of lanes, each lane a list of suites in their order.
 *
 * @template {{ lane?: string }} S
 * @param {S[]} suites
 * @returns {S[][][]}
 */
export function stagesOf(suites) {
  const stages = [];
  let lanes;
  for (const suite of suites) {
    if (suite.lane === undefined) {
      stages.push([[suite]]);
      lanes = undefined;
      continue;
    }
    if (lanes === undefined) {
      lanes = new Map();
      stages.push(lanes);
    }
    lanes.set(suite.lane, [...(lanes.get(suite.lane) ?? []), suite]);
  }
  return stages.map((stage) => (stage instanceof Map ? [...stage.values()] : stage));
}
