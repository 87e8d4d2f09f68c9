import type { Node } from '../tree.ts';
import type { Detector } from './evidence.ts';
import { insight, quoted, say } from './say.ts';

const mostModels = 20;

/** Calls whose model has no known price, one insight for each model. */
export const findUnpriced: Detector = evidence => {
  const byModel = new Map<string, Node[]>();
  for (const node of evidence.tree.ordered) {
    if (node.span.costSource !== 'unpriced') continue;
    const model = node.span.model ?? '';
    const calls = byModel.get(model);
    if (calls) calls.push(node);
    else byModel.set(model, [node]);
  }
  return [...byModel].slice(0, mostModels).map(([model, calls]) => {
    const said =
      model === ''
        ? say(calls.length === 1 ? 'insightNoModelOne' : 'insightNoModelMany', calls.length)
        : say(
            calls.length === 1 ? 'insightUnpricedOne' : 'insightUnpricedMany',
            calls.length,
            quoted(model),
          );
    return insight(evidence, 'unpriced', 'info', calls, said);
  });
};
