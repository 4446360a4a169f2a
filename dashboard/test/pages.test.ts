/*
 * All of them look at one warehouse, one dashboard and one browser, which `support/site.ts` starts: starting them takes longer than most
 * tests, so they are one file to jest.
 */
import './pages/figures.js';
import './pages/tables-and-filters.js';
import './pages/downloads.js';
import './pages/country-access.js';
import './pages/age-of-the-data.js';
import './pages/screens.js';
import './pages/nothing-to-show.js';
