const clip = document.querySelector("video"), missing = document.querySelector(".missing");
const gone = () => { clip.hidden = true; missing.hidden = false; };
clip.addEventListener("error", gone);
if (clip.error) gone();
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-at]");
  if (link === null) return;
  event.preventDefault();
  document.body.classList.add("watching");
  if (clip.hidden) return missing.scrollIntoView({ block: "center" });
  clip.currentTime = Number(link.dataset.at);
  clip.play().catch(() => {});
});
