import * as vscode from 'vscode';
import { createReader } from '../store/reader.ts';
import { start, type TestApi } from './activate.ts';
import { distFile } from './panelHtml.ts';
import type { CreatePlatform } from './platform.ts';

/** The extension in a browser, where there is no process: the reader runs in the extension host. */
export function activate(context: vscode.ExtensionContext): TestApi {
  return start(context, web);
}

const web: CreatePlatform = ({ extensionUri }, log) => {
  let reader: ReturnType<typeof createReader> | undefined;
  const wasm = async () => vscode.workspace.fs.readFile(distFile(extensionUri, 'sql-wasm.wasm'));
  return {
    get reader() {
      reader ??= createReader({ wasm, log: line => log.info(line) });
      return reader;
    },
    readsPaths: false,
    follow: undefined,
    replayer: undefined,
    sentLog: undefined,
    writeWhole: undefined,
    mac: /^mac/i.test(navigator.platform),
    runReplays: undefined,
    startReceiver: undefined,
    importer: undefined,
    tools: undefined,
    // In the host's one thread there is nothing to be had ahead of time.
    warmUp: () => undefined,
    dispose: () => undefined,
  };
};
