/** A complete answer, its body as bytes. */
export interface HttpResponse {
  /** Where it came from: what its relative links are relative to. Without the query, which may hold secrets. */
  url: string;
  status: number;
  /** A header's value, by its lower-case name. */
  header(name: string): string | undefined;
  body: Buffer;
  /** The server's clock when it answered, in milliseconds since 1970, if the answer tells. */
  serverDateMs: number | undefined;
}
