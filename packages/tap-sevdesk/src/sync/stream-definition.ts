import type { JsonSchema } from '@singer-io-ts/sdk';
import type { ListFilter } from '../api/page.js';

/** A stream: what is read, and what its endpoint can be asked for. */
export interface StreamDefinition {
  name: string;
  /** The endpoint that lists the objects, such as `/Invoice`. */
  endpoint: string;
  /**
   * `changes`: the endpoint filters by `create` and `update`. `children`: by the object that they belong to, which has such
   * filters. `list`: by neither, so it is listed.
   */
  kind: 'changes' | 'children' | 'list';
  schema: JsonSchema;
  /** What makes the endpoint list all of them. @default nothing */
  filter?: ListFilter | undefined;
  /** The property that tells objects apart. @default id */
  key?: string | undefined;
  /** Fields that are never extracted. @default none */
  excluded?: readonly string[] | undefined;
  /** The date that `startDate` of the endpoint filters by, and how it is written. @default none */
  dateFilter?: DateFilter | undefined;
  /** For `children`: what they belong to. */
  parent?: ParentDefinition | undefined;
  /** Whether it is extracted only where a catalog selects it. @default false */
  optional?: boolean | undefined;
}

export interface DateFilter {
  field: string;
  /** Seconds of unix time, or an instant as text. */
  form: 'seconds' | 'text';
}

export interface ParentDefinition {
  name: string;
  endpoint: string;
  filter?: ListFilter | undefined;
  /** The reference by which the endpoint of the children filters: `invoice` for `invoice[id]`. */
  field: string;
  /** The kind that has to be named beside the id. */
  objectName: string;
  schema: JsonSchema;
}
