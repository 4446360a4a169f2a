/** A complete answer, its body as bytes. */
export interface HttpResponse {
  status: number;
  /** A header's value, by its lower-case name. */
  header(name: string): string | undefined;
  body: Buffer;
  /** The server's clock when it answered, in milliseconds since 1970, if the answer tells. */
  serverDateMs: number | undefined;
}
