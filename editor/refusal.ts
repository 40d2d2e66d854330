/** Why something was refused: a code for programs and a sentence for people. */
export class Refusal extends Error {
  readonly code: string;

  constructor(code: string, sentence: string) {
    super(sentence);
    this.name = "Refusal";
    this.code = code;
  }
}
