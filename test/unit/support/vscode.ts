// Outside VS Code there is no module `vscode`. Once this file is imported, sources that are imported with
// import() get the stand-in for it.
import { registerHooks } from 'node:module';

const standIn = new URL('./vscodeStandIn.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'vscode' ? { url: standIn, shortCircuit: true } : next(specifier, context),
});

export * from './vscodeStandIn.ts';
