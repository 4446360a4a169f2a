/* global document, localStorage */
// A classic script, so that it runs before the page is drawn and a chosen theme never flashes in late. Without a choice the system's theme holds.
const chosen = localStorage.getItem('theme');
if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
