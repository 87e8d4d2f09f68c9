/** A failed run as a picture, where it failed and what asked for that, as DESIGN §2 and the README decide it. */
export interface FailedRun {
  readonly name: string;
  /**
   * As `spans` of the unit tests draws it. `asks:t1,t2`: the answer asks for tools under these ids; `id:t1`: the
   * span recorded that it was asked for under this one; `had:t1`: the request repeats an answer that asked for it.
   */
  readonly picture: string;
  /** `span < call by rule`, or `span < none`. */
  readonly right: string;
}

const run = (name: string, right: string, picture: string): FailedRun => ({ name, right, picture });

export const failedRuns: readonly FailedRun[] = [
  run(
    'a tool by its id',
    'it < ask by tool-use-id',
    `
r agent 0-9 !
  ask llm 1-3 asks:t1
  it tool 4-8 ! id:t1`,
  ),
  run(
    'a tool without an id',
    'it < ask by preceding',
    `
r agent 0-9 !
  ask llm 1-3
  it tool 4-8 !`,
  ),
  run(
    'an id that only the tool recorded',
    'it < ask by preceding',
    `
r agent 0-9 !
  ask llm 1-3
  it tool 4-8 ! id:t1`,
  ),
  run(
    'an id that only the answer recorded',
    'it < ask by preceding',
    `
r agent 0-9 !
  ask llm 1-3 asks:t1
  it tool 4-8 !`,
  ),
  run(
    'a branch beside whose call ended later',
    'it < ask by preceding',
    `
r agent 0-90 !
  ask llm 1-10
  other agent 12-60
    plan llm 13-25
  it tool 30-40 !
  end llm 35-80`,
  ),
  run(
    'two calls side by side, told apart by the id',
    'it < first by tool-use-id',
    `
r agent 0-90 !
  first llm 1-10 asks:t1
  second llm 1-18 asks:t2
  fine tool 19-30 id:t2
  it tool 20-88 ! id:t1`,
  ),
  run(
    'the second of two tools of one answer',
    'it < ask by tool-use-id',
    `
r agent 0-90 !
  ask llm 1-10 asks:t1,t2
  fine tool 11-40 id:t1
  it tool 12-70 ! id:t2`,
  ),
  run(
    'a tool in a sub-agent',
    'it < inner by tool-use-id',
    `
r agent 0-90 !
  ask llm 1-10 asks:t1
  task tool 11-80 ! id:t1
    sub agent 12-79 !
      inner llm 13-20 asks:t2
      it tool 21-70 ! id:t2`,
  ),
  run(
    'a sub-agent that got over it, and a tool that did not',
    'it < next by tool-use-id',
    `
r agent 0-90 !
  ask llm 1-10 asks:t1
  sub agent 11-40 id:t1
    inner llm 12-15 asks:t2
    past tool 16-20 ! id:t2
  next llm 41-50 asks:t3
  it tool 51-88 ! id:t3`,
  ),
  run(
    'a tool that failed, was tried again, and a call that then failed',
    'it < retry by preceding',
    `
r agent 0-90 !
  ask llm 1-10 asks:t1
  past tool 11-20 ! id:t1
  retry llm 21-30 asks:t2
  fine tool 31-40 id:t2
  it llm 41-80 !`,
  ),
  run(
    'a tool that failed twice',
    'it < retry by tool-use-id',
    `
r agent 0-90 !
  ask llm 1-10 asks:t1
  past tool 11-20 ! id:t1
  retry llm 21-30 asks:t2
  it tool 31-80 ! id:t2`,
  ),
  run(
    'the first call of all',
    'it < none',
    `
r agent 0-9 !
  it llm 1-8 !`,
  ),
  run(
    'three attempts of a call',
    'it < ask by preceding',
    `
r agent 0-90 !
  ask llm 1-10 asks:t1
  fine tool 11-20 id:t1
  past llm 21-25 !
  again llm 30-35 !
  it llm 40-80 !`,
  ),
  run(
    'a run without any call',
    'it < none',
    `
it agent 0-9 !`,
  ),
  run(
    'a run that gave up by itself',
    'it < last by descendant',
    `
it agent 0-90 !
  ask llm 1-10 asks:t1
  fine tool 11-20 id:t1
  last llm 21-80`,
  ),
  run(
    'a failure twelve levels down',
    'it < ask by preceding',
    `
r agent 0-90 !
  ask llm 1-5
  a chain 6-89 !
    b chain 7-88 !
      c chain 8-87 !
        d chain 9-86 !
          e chain 10-85 !
            f chain 11-84 !
              g chain 12-83 !
                h chain 13-82 !
                  i chain 14-81 !
                    it tool 15-80 !`,
  ),
  run(
    'a call that ends in the moment at which the tool begins',
    'it < ask by preceding',
    `
r agent 0-9 !
  ask llm 1-5
  it tool 5-5 !`,
  ),
  run(
    'all at one moment',
    'it < ask by preceding',
    `
r agent 5-5 !
  ask llm 5-5
  it tool 5-5 !`,
  ),
  run(
    'two calls that ended at one moment',
    'it < second by preceding',
    `
r agent 0-90 !
  first llm 1-20
  second llm 5-20
  it tool 20-80 !`,
  ),
  run(
    'a tool that began before its call ended, by clocks that differ',
    'it < ask by tool-use-id',
    `
r agent 0-90 !
  before llm 1-2 asks:t0
  fine tool 3-4 id:t0
  ask llm 5-30 asks:t1
  it tool 29-80 ! id:t1`,
  ),
  run(
    'the same without ids: what ended before it is all that can be told',
    'it < before by preceding',
    `
r agent 0-90 !
  before llm 1-2
  ask llm 5-30
  it tool 29-80 !`,
  ),
  run(
    'a tool that stands before its call',
    'it < ask by tool-use-id',
    `
r agent 0-90 !
  it tool 1-2 ! id:t1
  ask llm 1-8 asks:t1`,
  ),
  run(
    'a tool that ran inside its call',
    'it < ask by ancestor',
    `
r agent 0-90 !
  before llm 1-9
  ask llm 10-80 !
    it tool 20-70 !`,
  ),
  run(
    'an interrupted tool',
    'it < ask by preceding',
    `
r agent 0-90 ^
  ask llm 1-10
  it tool 11-89 ^`,
  ),
  run(
    'a failure below a chain that ended well, and a run that failed',
    'r < ask by descendant',
    `
r agent 0-90 !
  ask llm 1-10 asks:t1
  safe chain 11-40
    past tool 12-30 ! id:t1`,
  ),
  run(
    'the later of two branches that failed',
    'it < two by tool-use-id',
    `
r agent 0-90 !
  a agent 1-80 !
    one llm 2-10 asks:t1
    first tool 11-60 ! id:t1
  b agent 1-85 !
    two llm 2-12 asks:t2
    it tool 13-50 ! id:t2`,
  ),
  run(
    'the deeper of two, though the other began later',
    'it < inner by tool-use-id',
    `
r agent 0-90 !
  ask llm 1-10 asks:t1,t2
  sub agent 11-80 ! id:t1
    inner llm 12-20 asks:t3
    it tool 21-70 ! id:t3
  flat tool 30-75 ! id:t2`,
  ),
  run(
    'a sub-agent that failed by itself',
    'it < ask by preceding',
    `
r agent 0-90 !
  ask llm 1-10
  it agent 11-80 !
    inner llm 12-20`,
  ),
  run(
    'a call of a sub-agent, the first there',
    'it < ask by preceding',
    `
r agent 0-90 !
  ask llm 1-10
  sub agent 11-80 !
    it llm 12-70 !`,
  ),
  run(
    'parallel sub-agents, of which each has its own call',
    'it < two by preceding',
    `
r agent 0-90 !
  ask llm 1-10
  a agent 11-80
    one llm 12-39
  b agent 11-85 !
    two llm 12-20
    it tool 40-80 !`,
  ),
  run(
    'a span whose parent is lost',
    'it < ask by preceding',
    `
r agent 0-90 !
  ask llm 1-10
  it tool 11-80 ! <gone`,
  ),
  run(
    'a second root',
    'it < ask by preceding',
    `
r agent 0-90
  ask llm 1-10
  it tool 11-80 ! <`,
  ),
  run(
    'a call that never ended is no cause',
    'it < ask by preceding',
    `
r agent 0-90 !
  ask llm 1-10
  open llm 11- ?
  it tool 12-80 !`,
  ),
  run(
    'a retrieval',
    'it < ask by tool-use-id',
    `
r agent 0-90 !
  ask llm 1-10 asks:t1
  it retrieval 11-80 ! id:t1`,
  ),
  run(
    'a root that was never closed',
    'it < ask by preceding',
    `
r agent 0- ?
  ask llm 1-10
  it tool 11-80 !`,
  ),
  run(
    'a tool without a start',
    'it < none',
    `
r agent 0-90 !
  ask llm 1-10
  it tool -80 !`,
  ),
  run(
    'a tool without a start, by its id',
    'it < ask by tool-use-id',
    `
r agent 0-90 !
  ask llm 1-10 asks:t1
  it tool -80 ! id:t1`,
  ),
  run(
    'an id that a later call only repeats',
    'it < ask by tool-use-id',
    `
r agent 0-90 !
  ask llm 1-10 asks:t1
  it tool 11-80 ! id:t1
  beside llm 12-60 had:t1`,
  ),
  run(
    'a request inside a tool',
    'it < ask by preceding',
    `
r agent 0-90 !
  ask llm 1-10 asks:t1
  step tool 11-80 ! id:t1
    it other 12-70 !`,
  ),
];
