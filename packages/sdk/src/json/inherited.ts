/**
 * Whether every object has a property of this name by inheritance, such as `constructor` and `toString`. A record that lacks a property of
 * such a name seems to have it, unless one asks for its own.
 */
export const isInherited = (name: string): boolean => name in Object.prototype;
