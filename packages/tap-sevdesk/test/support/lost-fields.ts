/** An object as the service writes it. */
export type Wire = Record<string, unknown> & { id: string };

/** Each field of an object that is not found again, with its value, in the record that the tap made of it. */
export function lostFields(object: Wire, record: Record<string, unknown>, excluded: readonly string[] = []): string[] {
  const additional = (record['additional_fields'] ?? {}) as Record<string, unknown>;
  return Object.entries(object).flatMap(([name, value]) => {
    if (excluded.includes(name)) return name in record || name in additional ? [`${name} must not be extracted`] : [];
    if (name in additional) return JSON.stringify(additional[name]) === JSON.stringify(value) ? [] : [name];
    if (value !== null && typeof value === 'object') {
      const { id, objectName } = value as { id?: unknown; objectName?: unknown };
      return record[`${name}_id`] === id && record[`${name}_objectName`] === objectName ? [] : [name];
    }
    if (`${name}_id` in record && value === null) return [];
    return name in record && record[name] === value ? [] : [name];
  });
}
