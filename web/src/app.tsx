import { useEffect, useRef, useState } from "preact/hooks";
import { BenchPage } from "./pages/bench";
import { FrontPage } from "./pages/front";
import { PhotoPage } from "./pages/photo";
import { parseRoute, type Route } from "./route";
import { Footer } from "./ui/footer";
import { Header } from "./ui/header";

/** The whole site: one document, its pages told apart by the fragment. */
export function App() {
  const route = useRoute();
  useArrival(route);
  return (
    <>
      <Header page={route.page} />
      <main id="main" tabIndex={-1}>
        <Page route={route} />
      </main>
      <Footer />
    </>
  );
}

function Page({ route }: { route: Route }) {
  switch (route.page) {
    case "front":
      return <FrontPage />;
    case "photo":
      return <PhotoPage key={route.invite} invite={route.invite} />;
    case "bench":
      return <BenchPage key={route.invite} {...route} />;
  }
}

/** Says where one has arrived: title, top of the page, and the focus on its heading. */
function useArrival({ page }: Route) {
  const first = useRef(true);
  useEffect(() => {
    document.title = TITLES[page];
    if (!first.current) {
      scrollTo(0, 0);
      (document.querySelector<HTMLElement>("main h1[tabindex]") ?? document.getElementById("main"))?.focus();
    }
    first.current = false;
  }, [page]);
}

function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const changed = () => setRoute(parseRoute(location.hash));
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return route;
}

const TITLES: Record<Route["page"], string> = {
  front: "CrypTab: private tensors for the web",
  photo: "Photo room · CrypTab",
  bench: "Bench · CrypTab",
};
