/** A refusal in the service's own words: `{"error":{…},"objects":null}`. */
export class WireError extends Error {
  override readonly name = 'WireError';

  constructor(
    readonly status: number,
    message: string,
    readonly code: number | null = null,
  ) {
    super(message);
  }

  body(): string {
    const { status, message, code } = this;
    return JSON.stringify({
      error: {
        exceptionUUID: '00000000-0000-0000-0000-000000000000',
        message,
        errorCode: 0,
        code,
        data: [],
        responseCode: status,
      },
      objects: null,
    });
  }
}

export const authenticationRequired = () => new WireError(401, 'Authentication required');
export const notFound = (endpoint: string, id: string) =>
  new WireError(404, `No Model_${endpoint} with the id ${id} was found`, 151);
