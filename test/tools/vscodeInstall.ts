// Gets a real VS Code from the npm registry: the package `code-server` contains VS Code's server build.
import fs from 'node:fs';
import path from 'node:path';
import { cacheFolder, installOnce, npmInstall } from './run.mjs';

const version = '1.139.1';
const codeServer = '4.139.1';
const vscodeIn = path.join('node_modules', 'code-server', 'lib', 'vscode');

/** In place of the native logger, which is not compiled here: appends to the same files. */
const spdlog = `
const fs = require('fs');
const path = require('path');
const levels = ['trace', 'debug', 'info', 'warn', 'error', 'critical'];
class Logger {
  constructor(file) {
    this.file = file;
    this.level = 2;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    levels.forEach((name, level) => {
      this[name] = message => {
        if (level < this.level) return;
        const line = new Date().toISOString() + ' [' + name + '] ' + message + '\\n';
        try { fs.appendFileSync(this.file, line); } catch { /* the folder is gone at shutdown */ }
      };
    });
  }
  getLevel() { return this.level; }
  setLevel(level) { this.level = level; }
  setPattern() {}
  clearFormatters() {}
  flush() {}
  drop() {}
}
exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = async (name, file) => new Logger(file);
exports.createAsyncRotatingLogger = exports.createRotatingLogger;
`;

/** In place of the native watchdog: ends the process when its parent is gone. */
const watchdog = `
exports.start = parent => {
  setInterval(() => {
    try { process.kill(parent, 0); } catch { process.exit(87); }
  }, 1000).unref();
};
exports.exit = code => process.exit(code || 0);
`;

function fill(folder: string): void {
  const vscode = path.join(folder, vscodeIn);
  npmInstall(folder, ['--no-save', `code-server@${codeServer}`]);
  npmInstall(vscode, ['--omit=dev']);
  npmInstall(path.join(vscode, 'extensions'), ['--omit=dev']);
  const modules = path.join(vscode, 'node_modules', '@vscode');
  fs.writeFileSync(path.join(modules, 'spdlog', 'index.js'), spdlog);
  fs.writeFileSync(path.join(modules, 'native-watchdog', 'index.js'), watchdog);
}

/** The server's main file; VS Code is installed first where it is not there yet. */
export async function vscodeServerMain(): Promise<string> {
  const name = `vscode-${version}`;
  const say = `getting VS Code ${version} (about 20 s and 600 MB in ${cacheFolder()}, once)`;
  const folder = await installOnce(name, say, fill);
  return path.join(folder, vscodeIn, 'out', 'server-main.js');
}
