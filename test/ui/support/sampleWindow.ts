// One window on the sample, for the files of tests that need no other: to open one takes longer than most of
// them. What a file finds is a window without editors, in dark, with the Explorer, the sample as it was made and
// a text file.
import fs from 'node:fs';
import path from 'node:path';
import { inRepo } from '../../tools/repo.ts';
import { temporaryFolder } from '../../tools/temporary.ts';
import { openView, openWorkbench, runCommand, type Workbench } from '../../tools/workbench.ts';
import { setTheme, writeTheme } from './theme.ts';

export interface SampleWindow {
  readonly workbench: Workbench;
  readonly folder: string;
  /** The sample. */
  readonly file: string;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const sample = inRepo('dist/sample.agent-traces.db');
let opened: (SampleWindow & { readonly remove: () => void }) | undefined;

/** The window, as it is to be found, in this size. */
export async function sampleWindow(viewport: Size): Promise<SampleWindow> {
  if (opened) await putBack(opened, viewport);
  else opened = await open(viewport);
  await openView(opened.workbench.page, 'Explorer');
  return opened;
}

async function open(viewport: Size) {
  fs.mkdirSync(inRepo('test/out/shots'), { recursive: true });
  const folder = temporaryFolder('ui');
  const file = path.join(folder.path, 'agent_traces.db');
  fs.copyFileSync(sample, file);
  // There from the start: a row that comes into the Explorer later moves others from under the pointer.
  fs.writeFileSync(path.join(folder.path, 'notes.txt'), 'notes');
  writeTheme(folder.path, 'dark');
  const workbench = await openWorkbench({ folder: folder.path, viewport });
  return { workbench, folder: folder.path, file, remove: folder.remove };
}

async function putBack(
  { workbench: { page }, folder, file }: SampleWindow,
  viewport: Size,
): Promise<void> {
  await page.setViewportSize(viewport);
  await page.keyboard.press('Escape');
  if (!fs.readFileSync(file).equals(fs.readFileSync(sample))) fs.copyFileSync(sample, file);
  await runCommand(page, 'View: Close All Editors');
  await page.locator('.tabs-container .tab').first().waitFor({ state: 'detached' });
  await runCommand(page, 'Notifications: Clear All Notifications');
  await setTheme(page, folder, 'dark');
}

// Of all files: the last of them has no way to know that it is.
after(async () => {
  await opened?.workbench.close();
  opened?.remove();
  opened = undefined;
});
