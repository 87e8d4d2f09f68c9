/** A piece of code of one colour. */
export interface CodePiece {
  readonly text: string;
  readonly role: 'key' | 'string' | 'number' | 'word' | 'comment' | 'added' | 'removed' | undefined;
}

/** Longer code stays uncoloured: some patterns take time by the square of a text's length. */
export const longestCode = 12_000;
