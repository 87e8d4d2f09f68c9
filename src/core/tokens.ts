/** Characters of a token, roughly: where nobody counted the tokens of a text. */
export const charsPerToken = 4;
