export { AsyncLocalStorage as CurrentContext } from 'node:async_hooks';
