// What axe finds in a page.
import fs from 'node:fs';
import type { Frame } from 'playwright-core';
import { inRepo } from '../../tools/repo.ts';

const axe = fs.readFileSync(inRepo('node_modules/axe-core/axe.min.js'), 'utf8');

interface Finding {
  readonly impact: string;
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

type Axe = { run(what: Document, how: object): Promise<{ violations: readonly Finding[] }> };

/** Serious and critical findings, each with the elements it was found at. */
export async function findings(frame: Pick<Frame, 'evaluate'>): Promise<readonly string[]> {
  if (!(await frame.evaluate(() => 'axe' in window))) await frame.evaluate(axe);
  const found: readonly Finding[] = await frame.evaluate(async () => {
    const { axe } = window as unknown as { axe: Axe };
    return (await axe.run(document, { resultTypes: ['violations'] })).violations;
  });
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ impact, id, nodes }) =>
      nodes.map(({ html }) => `${impact} ${id}: ${html.slice(0, 200)}`),
    );
}
