/** One step of a path: a name, any one (`*`), or any number of them (`**`). */
type Step = string;

/** How far into each path a place is; a path that is at its end matches. */
export interface PathStates {
  readonly matched: boolean;
  /** Steps that are still to come, of each path that may match below. */
  readonly rest: readonly (readonly Step[])[];
}

/** Reads paths like `request.messages[*].content`, `tool_input.*.secret` and `**.password`. */
export function parsePaths(paths: readonly string[]): PathStates {
  return statesOf(paths.map(path => path.match(/[^.[\]]+/g) ?? []).filter(path => path.length > 0));
}

/** The states one field or one element further down. */
export function below(states: PathStates, key: string): PathStates {
  if (states.rest.length === 0) return nowhere;
  const rest: (readonly Step[])[] = [];
  for (const steps of states.rest) {
    const [first, ...others] = steps;
    if (first === '**') {
      rest.push(steps);
      const [second, ...after] = others;
      if (second === undefined || second === '*' || second === key) rest.push(after);
    } else if (first === '*' || first === key) {
      rest.push(others);
    }
  }
  return rest.length === 0 ? nowhere : statesOf(rest);
}

function statesOf(rest: readonly (readonly Step[])[]): PathStates {
  return {
    matched: rest.some(steps => steps.length === 0),
    rest: rest.filter(steps => steps.length > 0),
  };
}

const nowhere: PathStates = { matched: false, rest: [] };
