import { answerDrift } from './driftAnswers.ts';
import { systemDrift } from './driftSystem.ts';
import { toolDrift } from './driftTools.ts';
import type { Detector } from './evidence.ts';

/** Signs of a model that has lost its thread. They are signs, and their sentences say so. */
export const findReasoningDrift: Detector = function* (evidence) {
  const tools = toolDrift(evidence);
  yield;
  const system = systemDrift(evidence);
  yield;
  return [...tools, ...system, ...answerDrift(evidence)];
};
