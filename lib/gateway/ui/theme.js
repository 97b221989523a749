// The chosen colours, before anything is painted; the switch is in page.js.
(() => {
  try {
    const theme = localStorage.getItem('rpkai-theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  } catch { /* no storage, no choice */ }
})();
