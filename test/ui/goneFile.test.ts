// A trace file that goes away while its overview and one of its spans are open.
import fs from 'node:fs';
import path from 'node:path';
import { inRepo } from '../tools/repo.ts';
import { temporaryFolder } from '../tools/temporary.ts';
import {
  openView,
  openWorkbench,
  screenshot,
  treeRow,
  type Workbench,
  webviewFrame,
} from '../tools/workbench.ts';

const shots = inRepo('test/out/shots');

describe('a file that goes away', () => {
  const folder = temporaryFolder('ui');
  const file = path.join(folder.path, 'agent_traces.db');
  let workbench: Workbench;

  before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    fs.copyFileSync(inRepo('dist/sample.agent-traces.db'), file);
    workbench = await openWorkbench({
      folder: folder.path,
      settings: { 'workbench.colorTheme': 'Default Dark Modern' },
    });
  });

  after(async () => {
    await workbench?.close();
    folder.remove();
  });

  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    await screenshot(workbench.page, path.join(shots, 'gone-failed.png'));
  });

  it('leaves the span that was open, says so above it, and takes it up again', async () => {
    const { page } = workbench;
    await openView(page, 'Agent Traces');
    await treeRow(page, 'nightly_digest').click();
    const panel = await webviewFrame(page, 'Metadata');
    const older = panel.getByRole('alert').filter({ hasText: 'does not exist any more' });
    fs.renameSync(file, `${file}.away`);
    await older.filter({ hasText: 'An older state is shown.' }).waitFor();
    await panel.getByRole('tab', { name: 'Metadata' }).click();
    await panel.getByRole('tab', { name: 'Metadata', selected: true }).waitFor();
    await screenshot(page, path.join(shots, 'gone-span.png'));
    fs.renameSync(`${file}.away`, file);
    await older.waitFor({ state: 'detached' });
  });
});
