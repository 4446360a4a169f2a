// Loaded before the page is drawn, so that a chosen theme never flashes in late. Without a choice the system's theme holds.
const chosen = localStorage.getItem('theme');
if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset['theme'] = chosen;
