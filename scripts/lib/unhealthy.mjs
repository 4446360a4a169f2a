/** Something that is not as it should be, with what to do about it. */
export class Unhealthy extends Error {
  constructor(what, advice) {
    super(what);
    this.advice = advice;
  }
}
