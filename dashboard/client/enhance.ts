import { keepAgeCurrent } from './freshness.js';
import { swapInPlace } from './swap.js';
import { offerThemes } from './theme-toggle.js';

// The pages work without any of this; it spares reloads and keeps the age of the data true while a page stays open.
offerThemes();
swapInPlace();
keepAgeCurrent();
