/** node:sqlite says on standard error that it is experimental; that is not this program's output. */
export function quietSqlite(): void {
  const warn = process.emitWarning;
  process.emitWarning = (warning, ...rest) => {
    if (!String(warning).includes('SQLite')) warn(warning, ...(rest as []));
  };
}
