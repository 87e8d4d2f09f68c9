// Drives the workbench the way a person does: clicks, keys, and looking inside webviews.
import type { Frame, Locator, Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { pictureAll, remember } from './openPages.ts';
import { type Profile, type Settings, temporaryProfile } from './profile.ts';
import { vsixFile } from './repo.ts';
import { runCommandLine, startServer, workbenchUrl } from './vscodeServer.ts';

export interface Workbench {
  page: Page;
  /** Errors that the page met: exceptions, violations of the content security policy. */
  problems: string[];
  /** Where this VS Code keeps all it writes. */
  userDataDir: string;
  close: () => Promise<void>;
}

export interface WorkbenchOptions {
  folder: string;
  vsix?: string;
  settings?: Settings;
  viewport?: { width: number; height: number };
  /** Put over our own environment. */
  env?: NodeJS.ProcessEnv;
  /** Puts files into the profile before VS Code starts. */
  prepare?: (profile: Profile) => void;
}

function watchForProblems(page: Page): string[] {
  const problems: string[] = [];
  page.on('pageerror', error => problems.push(`exception: ${error.message}`));
  page.on('console', message => {
    if (/content.security.policy/i.test(message.text())) problems.push(message.text());
  });
  return problems;
}

/**
 * Resolves when extensions are known and the theme is there; the workbench is drawn a second before. Until the
 * last phase of its start, and what it has put off until it is idle, it takes a file of a custom editor for text.
 */
async function ready(page: Page): Promise<void> {
  for (const mark of ['code/didLoadExtensions', 'code/LifecyclePhase/Eventually']) {
    await page.waitForFunction(name => performance.getEntriesByName(name).length > 0, mark, {
      timeout: 60_000,
    });
  }
  await page.locator('.monaco-workbench[class*="vscode-theme-"]').waitFor({ timeout: 60_000 });
  await page.evaluate(() => new Promise(resolve => requestIdleCallback(resolve)));
}

const install = (profile: Profile, vsix: string): Promise<string> =>
  runCommandLine(profile, ['--install-extension', vsix, '--force']);

const folders = new Map<string, Promise<string>>();

/** A folder of extensions with this one alone, for all that change nothing in it: installing takes seconds. */
function installed(vsix: string): Promise<string> {
  const known = folders.get(vsix) ?? installAnew(vsix);
  folders.set(vsix, known);
  return known;
}

async function installAnew(vsix: string): Promise<string> {
  const profile = temporaryProfile();
  await install(profile, vsix);
  return profile.extensionsDir;
}

/** Opens a folder in a new VS Code in which only the packed extension is installed. */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const { folder, vsix = vsixFile, settings, viewport = { width: 1280, height: 800 } } = options;
  const closers: (() => unknown)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const own = temporaryProfile(settings);
    closers.push(own.remove);
    const extensionsDir = options.prepare ? own.extensionsDir : await installed(vsix);
    const profile = { ...own, extensionsDir };
    if (options.prepare) await install(profile, vsix);
    options.prepare?.(profile);
    const server = await startServer({ profile, ...(options.env && { env: options.env }) });
    closers.push(server.stop);
    const browser = await launchBrowser();
    closers.push(() => browser.close());
    const page = await (await browser.newContext({ viewport })).newPage();
    closers.push(remember(page));
    const problems = watchForProblems(page);
    const payload: [string, string][] = [
      ['skipWelcome', 'true'],
      ['skipReleaseNotes', 'true'],
    ];
    await page.goto(workbenchUrl(server, { folder, payload }));
    await ready(page);
    return { page, problems, userDataDir: own.userDataDir, close };
  } catch (error) {
    await pictureAll('start');
    await close();
    throw error;
  }
}

/** Shows a view container by clicking its icon in the activity bar. */
export async function openView(page: Page, title: string): Promise<void> {
  const icon = page.locator('.activitybar').getByRole('tab', { name: title });
  await icon.waitFor();
  if ((await icon.getAttribute('aria-selected')) !== 'true') await icon.click();
  const heading = page.locator('.part.sidebar .composite.title');
  await heading.filter({ hasText: new RegExp(RegExp.escape(title), 'i') }).waitFor();
}

/** A row of a tree in the side bar, by its whole label. */
export function treeRow(page: Page, label: string): Locator {
  const text = page.locator('.label-name, .monaco-highlighted-label', {
    hasText: new RegExp(`^${RegExp.escape(label)}$`),
  });
  return page.locator('.part.sidebar .monaco-list-row', { has: text }).first();
}

/** Runs a command by its title in the command palette, such as `Agent Traces: Refresh`. */
export async function runCommand(page: Page, title: string): Promise<void> {
  const input = page.locator('.quick-input-widget input:visible').first();
  // The key is lost while the workbench does not have the focus yet.
  for (let attempt = 1; !(await input.isVisible()); attempt++) {
    await page.keyboard.press('F1');
    await input.waitFor({ timeout: 2000 }).catch(error => {
      if (attempt === 5) throw error;
    });
  }
  await input.fill(`>${title}`);
  const rows = page.locator('.quick-input-list .monaco-list-row');
  await rows.filter({ hasText: title }).first().waitFor({ timeout: 20_000 });
  await page.keyboard.press('Enter');
}

/** Chooses from the context menu of something, by keyboard. */
export async function chooseInMenu(target: Locator, label: string): Promise<void> {
  const page = target.page();
  await target.click({ button: 'right' });
  // A click on a menu that has only just opened is taken for the end of the one that opened it.
  await page.locator('.monaco-menu .action-label', { hasText: label }).hover();
  await page.locator('.monaco-menu .focused', { hasText: label }).waitFor();
  await page.keyboard.press('Enter');
}

/** An editor's tab, by its label. */
export function tab(page: Page, label: string): Locator {
  return page.locator('.tabs-container .tab', { hasText: label }).first();
}

async function shows(frame: Frame, text: string): Promise<boolean> {
  if (!frame.url().includes('/fake.html')) return false;
  // A frame may go away while it is looked at.
  return frame
    .getByText(text)
    .filter({ visible: true })
    .first()
    .isVisible()
    .catch(() => false);
}

/** The frame of the webview that shows a text; hidden webviews stay in the page, so a text tells which. */
export async function webviewFrame(page: Page, text: string, timeout = 20_000): Promise<Frame> {
  const end = Date.now() + timeout;
  while (Date.now() < end) {
    for (const frame of page.frames()) if (await shows(frame, text)) return frame;
    await page.waitForTimeout(50);
  }
  throw new Error(`No webview shows "${text}".`);
}

export async function screenshot(page: Page, file: string): Promise<void> {
  await page.screenshot({ path: file, animations: 'disabled' });
}
