/* The tabs of a rule set where they do not fit: the page one is on, or the link with the focus, stands in the
   middle, and an arrow says where there are more. */
(() => {
  for (const tabs of document.querySelectorAll(".lr-tabs")) {
    const tell = () => {
      const left = tabs.scrollWidth - tabs.clientWidth - tabs.scrollLeft;
      tabs.classList.toggle("lr-more-before", tabs.scrollLeft > 1);
      tabs.classList.toggle("lr-more-after", left > 1);
    };
    const show = (link) => {
      const { left, width } = link.getBoundingClientRect();
      tabs.scrollLeft += left + width / 2 - tabs.getBoundingClientRect().left - tabs.clientWidth / 2;
    };
    const begin = () => {
      const here = tabs.querySelector("[aria-current]");
      if (here) show(here);
      tell();
    };
    begin();
    document.fonts.ready.then(begin); // only then are the links as wide as they stay
    tabs.addEventListener("focusin", (event) => event.target.matches(":focus-visible") && show(event.target));
    tabs.addEventListener("scroll", tell, { passive: true });
    new ResizeObserver(tell).observe(tabs);
  }
})();
