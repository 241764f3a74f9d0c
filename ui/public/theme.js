// Before the first paint, so that a dark page never flashes white.
{
  let chosen;
  try {
    chosen = localStorage.getItem('myelin.theme');
  } catch {
    // A browser that keeps nothing: the choice of the system.
  }
  const dark = chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
}
