import { answerDrift } from './driftAnswers.ts';
import { systemDrift } from './driftSystem.ts';
import { toolDrift } from './driftTools.ts';
import type { Detector } from './evidence.ts';

/** Signs of a model that has lost its thread. They are signs, and their sentences say so. */
export const findReasoningDrift: Detector = evidence => [
  ...toolDrift(evidence),
  ...systemDrift(evidence),
  ...answerDrift(evidence),
];
