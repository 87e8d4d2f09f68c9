import assert from 'node:assert/strict';
import fs from 'node:fs';
import { findFiles, inRepo } from '../tools/repo.ts';

// Read as text: ids.ts imports vscode, which there is none of here.
const idsText = fs.readFileSync(inRepo('src/extension/ids.ts'), 'utf8');
const manifestText = fs.readFileSync(inRepo('package.json'), 'utf8');
const nls: Record<string, string> = JSON.parse(fs.readFileSync(inRepo('package.nls.json'), 'utf8'));
const manifest = JSON.parse(manifestText);
const { contributes } = manifest;

interface MenuItem {
  readonly command: string;
  readonly when?: string;
  readonly group?: string;
}

function listed(name: string): string[] {
  const body = new RegExp(`export const ${name} = [[{]([\\s\\S]*?)[\\]}] as const`).exec(idsText);
  assert.ok(body, `ids.ts has ${name}`);
  return [...(body[1] ?? '').matchAll(/'(agentTraces\.[\w.]+)'/g)].map(match => match[1] ?? '');
}

const commands = listed('commandIds');
const declared: { command: string; title: string; category: string; icon?: string }[] =
  contributes.commands;
const menus = Object.entries<MenuItem[]>(contributes.menus);
const ids = (list: { id?: string; viewType?: string; command?: string }[]) =>
  list.map(one => one.id ?? one.viewType ?? one.command ?? '').sort();

/**
 * Texts that VS Code shows as they are: those handed to what shows a message or set as a part of a list or
 * view, and whatever reads like a sentence, save what is logged or thrown.
 */
function bareWords(source: string): string[] {
  const found: string[] = [];
  const before = (at: number) => source.slice(Math.max(0, at - 80), at);
  for (const { 0: whole, 1: text, index } of source.matchAll(
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|(?:'((?:\\.|[^'\\\n])*)'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)/g,
  )) {
    if (whole.startsWith('/')) continue;
    const words = (text ?? whole.slice(1, -1)).replace(/\$\{[^}]*\}/g, '');
    const shown =
      /\b(?:showInfo|say\(\s*'\w+',|show(?:Information|Error|Warning)Message|setStatusBarMessage)\(?\s*$/;
    const set =
      /\b(?:title|label|description|detail|placeholder|placeHolder|message|tooltip|none|openLabel)\s*[:=]\s*$/;
    const sentence = /^[A-Z“][^`]*[a-z] [a-z]/.test(words);
    const mayBe = /(?:\bt\(|\blog\.\w+\(|Error\(|\bdoing: )\s*$/;
    const at = before(index);
    if (words === '' || mayBe.test(at)) continue;
    if (shown.test(at) || (set.test(at) && /[A-Za-z]/.test(words)) || sentence) found.push(words);
  }
  return found;
}

describe('package.json and ids.ts', () => {
  it('have the same commands', () => {
    assert.deepEqual(ids(declared), [...commands].sort());
    assert.equal(new Set(commands).size, commands.length, 'each once');
  });

  it('have the same view, editor types and panel', () => {
    assert.deepEqual(ids(contributes.views.agentTraces), listed('viewIds'));
    assert.deepEqual(ids(contributes.customEditors), listed('editorTypes').sort());
    const activation = listed('panelTypes').map(type => `onWebviewPanel:${type}`);
    // Documents of recorded requests are opened again before anything else asks for us.
    const files = `onFileSystem:${/callScheme = '([\w-]+)'/.exec(idsText)?.[1]}`;
    // Links of alerts may start the extension.
    assert.deepEqual(manifest.activationEvents, [...activation, files, 'onUri']);
  });

  it('have the same settings, described, with the defaults that the code has', () => {
    const groups: { title: string; order: number; properties: Record<string, never> }[] =
      contributes.configuration;
    assert.deepEqual(
      groups.map(group => group.order),
      groups.map((_, index) => index + 1),
    );
    for (const { title } of groups) assert.match(title, /^%settings\.\w+%$/);
    const properties = Object.assign({}, ...groups.map(group => group.properties));
    assert.deepEqual(Object.keys(properties).sort(), listed('settingIds').sort());
    const settings = fs.readFileSync(inRepo('src/extension/settings.ts'), 'utf8');
    for (const [id, property] of Object.entries<Record<string, unknown>>(properties)) {
      assert.match(String(property.markdownDescription), /^%.+%$/, id);
      assert.ok(property.scope && property.order, `${id} has a scope and an order`);
      const text = new RegExp(`'${id}': (\\[[\\s\\S]*?\\]|\\S+),\\n`).exec(settings)?.[1] ?? '';
      const inCode = JSON.parse(text.replaceAll("'", '"').replace(/,\s*\]/, ']'));
      assert.deepEqual(inCode, property.default, id);
    }
  });

  it('name only context keys that the code sets', () => {
    const known = new Set([
      ...listed('contextKeys'),
      ...listed('viewIds'),
      ...listed('panelTypes'),
    ]);
    const whens = [...menus.flatMap(([, items]) => items), ...contributes.keybindings];
    for (const { when = '' } of whens) {
      for (const [name] of when.matchAll(/agentTraces\.\w+/g)) assert.ok(known.has(name), when);
    }
  });
});

describe('commands', () => {
  it('have our category and a title in package.nls.json', () => {
    for (const { command, title, category } of declared) {
      assert.equal(category, '%category%', command);
      assert.equal(title, `%command.${command.slice('agentTraces.'.length)}%`);
      const words = (nls[title.slice(1, -1)] ?? '').split(' ');
      const small = ['a', 'as', 'in', 'the', 'to'];
      for (const word of words) assert.match(word, small.includes(word) ? /./ : /^[A-Z]/, title);
    }
    assert.equal(nls.category, 'Agent Traces');
  });

  it('that need a row are not in the palette', () => {
    const hidden = contributes.menus.commandPalette
      .filter((item: MenuItem) => item.when === 'false')
      .map((item: MenuItem) => item.command)
      .sort();
    assert.deepEqual(hidden, ['agentTraces.loadMore', 'agentTraces.openAsTraceFile']);
  });

  it('are named by every menu and key, with a condition', () => {
    for (const [menu, items] of menus) {
      for (const item of items) {
        assert.ok(commands.includes(item.command), `${menu}: ${item.command}`);
        assert.ok(item.when, `${menu}: ${item.command} says when`);
      }
    }
    for (const { command, when, args } of contributes.keybindings) {
      assert.ok(commands.includes(command), command);
      assert.ok(when, `${command} overwrites no key elsewhere`);
      const where = when === 'focusedView == agentTraces.runs' ? 'tree' : 'here';
      assert.equal(args, where, `${command} acts on the selected row, or on what is shown`);
    }
  });

  it('with a button have an icon', () => {
    for (const [menu, items] of menus) {
      for (const { command, group = '' } of items) {
        const inline = menu === 'view/title' ? 'navigation' : 'inline';
        if (!menu.startsWith('view/') || !group.startsWith(inline)) continue;
        assert.ok(declared.find(one => one.command === command)?.icon, `${menu}: ${command}`);
      }
    }
  });

  it('are what the welcome view and the walkthrough link to', () => {
    const linking = Object.entries(nls).filter(([key]) => /^(view|walkthrough)\./.test(key));
    const text = linking.map(([, words]) => words).join('\n');
    const foreign = /\(command:(?!agentTraces\.)/.exec(text);
    assert.equal(foreign, null);
    const named = [...text.matchAll(/command:(agentTraces\.\w+)/g)].map(match => match[1] ?? '');
    assert.ok(named.length > 0);
    for (const command of named) assert.ok(commands.includes(command), command);
  });
});

describe('words for the user', () => {
  it('go through l10n.t in the extension', () => {
    for (const file of findFiles('src/extension/**/*.ts')) {
      assert.deepEqual(bareWords(fs.readFileSync(inRepo(file), 'utf8')), [], file);
    }
  });

  it('are caught where they do not', () => {
    const planted = `
      // 'A comment says what it likes.'
      showInfo('Copied');
      say('error', \`Not \${done}\`, []);
      vscode.window.setStatusBarMessage( "Copied", 3);
      pick.title = 'Run';
      const item = { label: t('All runs'), description: 'shown now' };
      const words = missing ? 'This file is gone.' : t('This file is there.');
      log.info('Nobody translates the log.');
      throw new Error('That is a slip of ours.');`;
    assert.deepEqual(bareWords(planted), [
      'Copied',
      'Not ',
      'Copied',
      'Run',
      'shown now',
      'This file is gone.',
    ]);
  });

  it('are not an error’s own in the pages, which are English', () => {
    for (const file of findFiles('webview/**/*.{ts,tsx}')) {
      assert.doesNotMatch(
        fs.readFileSync(inRepo(file), 'utf8'),
        /\b(error|failure)\.message\b/,
        file,
      );
    }
  });
});

describe('package.nls.json', () => {
  it('has every key that is used, and none besides', () => {
    const used = [...manifestText.matchAll(/"%([^%"]+)%"/g)].map(match => match[1]);
    assert.deepEqual([...new Set(used)].sort(), Object.keys(nls).sort());
  });
});

describe('the walkthrough', () => {
  const [walkthrough] = contributes.walkthroughs;

  it('is the one that its command opens', () => {
    assert.equal(contributes.walkthroughs.length, 1);
    assert.ok(idsText.includes(`walkthroughId = '${walkthrough.id}'`), walkthrough.id);
    assert.match(nls['view.runs.welcome'] ?? '', /command:agentTraces\.openWalkthrough/);
  });

  it('ticks a step off when one of our commands has run', () => {
    for (const { id, completionEvents } of walkthrough.steps) {
      assert.ok(completionEvents.length > 0, id);
      for (const event of completionEvents) {
        assert.ok(commands.includes(event.replace(/^onCommand:/, '')), `${id}: ${event}`);
      }
    }
  });

  it('has pictures that take their colours from the theme', () => {
    for (const { media } of walkthrough.steps) {
      if (!media.svg) continue;
      const svg = fs.readFileSync(inRepo(media.svg), 'utf8');
      const colours = [...svg.matchAll(/(?:fill|stroke)="([^"]+)"/g)].map(match => match[1]);
      for (const colour of colours) {
        assert.match(colour ?? '', /^(none|var\(--vscode-[\w-]+(, [^)]*\)?)?\))$/, media.svg);
      }
      assert.ok(svg.length < 8000 && colours.length > 0, media.svg);
      assert.doesNotMatch(
        svg,
        /<(script|image|foreignObject|style)|href|http(?!:\/\/www\.w3\.org)/,
      );
    }
  });
});

describe('the manifest', () => {
  it('names files that exist', () => {
    const icons = [
      ...contributes.viewsContainers.activitybar.map((one: { icon: string }) => one.icon),
      ...contributes.views.agentTraces.map((one: { icon: string }) => one.icon),
    ];
    const steps = contributes.walkthroughs.flatMap((one: { steps: unknown[] }) => one.steps);
    const media = steps.flatMap((step: { media: { svg?: string; markdown?: string } }) => [
      step.media.svg ?? step.media.markdown,
    ]);
    assert.equal(media.length, 4);
    for (const file of [...icons, ...media]) assert.ok(fs.existsSync(inRepo(file)), file);
  });

  it('says what an untrusted and a virtual workspace get', () => {
    assert.equal(manifest.capabilities.untrustedWorkspaces.supported, 'limited');
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    assert.deepEqual(
      restrictedConfigurations,
      ['agentTraces.replay.tools', 'agentTraces.alerts.rules'],
      'they name programs, and what the user is told of',
    );
    assert.equal(manifest.capabilities.virtualWorkspaces, true);
    assert.equal(manifest.dependencies, undefined, 'everything is bundled');
  });
});
