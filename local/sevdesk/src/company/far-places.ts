import type { Place } from './places.js';

const far = (country: Place['country'], city: string, zip: string, ...streets: string[]): Place => ({
  country,
  city,
  zips: [zip],
  streets,
  weight: 0.4,
  isKeptInFields: true,
});

/** Towns further away, one for each currency that the ECB publishes; their addresses are kept in fields. */
export const FAR_PLACES: readonly Place[] = [
  far('dk', 'København', '1050', 'Kongens Nytorv', 'Bredgade'),
  far('se', 'Stockholm', '111 21', 'Vasagatan'),
  far('no', 'Oslo', '0150', 'Karl Johans gate'),
  far('pl', 'Warszawa', '00-001', 'Marszałkowska'),
  far('cz', 'Praha', '110 00', 'Na Příkopě'),
  far('hu', 'Budapest', '1051', 'Nádor utca'),
  far('ro', 'București', '010011', 'Calea Victoriei'),
  far('is', 'Reykjavík', '101', 'Laugavegur'),
  far('tr', 'İstanbul', '34110', 'İstiklal Caddesi'),
  far('ca', 'Toronto', 'M5H 2N2', 'Queen Street West'),
  far('au', 'Sydney', '2000', 'George Street'),
  far('nz', 'Auckland', '1010', 'Queen Street'),
  far('br', 'São Paulo', '01310-100', 'Avenida Paulista'),
  far('mx', 'Ciudad de México', '06000', 'Avenida Juárez'),
  far('cn', 'Shanghai', '200000', 'Nanjing Road'),
  far('hk', 'Hong Kong', '999077', 'Connaught Road'),
  far('kr', 'Seoul', '04524', 'Sejong-daero'),
  far('in', 'Mumbai', '400001', 'Mahatma Gandhi Road'),
  far('id', 'Jakarta', '10110', 'Jalan Medan Merdeka'),
  far('my', 'Kuala Lumpur', '50450', 'Jalan Ampang'),
  far('ph', 'Manila', '1000', 'Rizal Avenue'),
  far('sg', 'Singapore', '018956', 'Marina Boulevard'),
  far('th', 'Bangkok', '10110', 'Sukhumvit Road'),
  far('il', 'Tel Aviv', '6100000', 'Rothschild Boulevard'),
  far('za', 'Cape Town', '8001', 'Long Street'),
];
