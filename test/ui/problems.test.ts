// What a press on a problem of a trace file does.
import { inRepo } from '../tools/repo.ts';
import {
  openView,
  runCommand,
  screenshot,
  tab,
  treeRow,
  type Workbench,
} from '../tools/workbench.ts';
import { sampleWindow } from './support/sampleWindow.ts';

describe('the Problems view in the window', () => {
  let workbench: Workbench;

  before(async () => {
    ({ workbench } = await sampleWindow({ width: 1400, height: 900 }));
  });

  // The window is that of other files as well.
  after(() => runCommand(workbench.page, 'View: Toggle Panel Visibility'));

  it('leads from what is listed at the trace file to the span, as a document', async () => {
    const { page } = workbench;
    await openView(page, 'Explorer');
    await treeRow(page, 'agent_traces.db').dblclick();
    await runCommand(page, 'Problems: Focus on Problems View');
    const problems = page.locator('.markers-panel');
    const loop = problems.getByRole('treeitem', { name: /Loop in research_agent/ });
    await loop.waitFor();
    await problems
      .getByRole('treeitem', { name: /Span search_web/ })
      .first()
      .click();
    await tab(page, 'search_web · span.txt').waitFor();
    await page.locator('.view-lines').getByText('Kind:').first().waitFor();
    await screenshot(page, inRepo('test/out/shots/problem-span.png'));
  });
});
