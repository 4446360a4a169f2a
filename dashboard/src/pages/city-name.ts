/** A city as people read it. */
export function cityName(city: string, unknownCity: string): string {
  return city === 'Unknown' ? unknownCity : city;
}
