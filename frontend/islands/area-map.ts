import type { LatLngBoundsLiteral, LatLngTuple, Map as Shown, Marker } from "leaflet";

interface CityMap {
  tiles?: string;
  picture?: string;
  bounds: [number, number, number, number];
  attribution: string;
}

/**
 * A map after a press, never before: a list says the same. Places are the `[data-latitude]` of the element `data-of` names; with
 * `data-pick` one is chosen instead, into the form's `latitude` and `longitude`. The texts are data-attributes.
 */
class AreaMap extends HTMLElement {
  private map: Shown | undefined;
  private leaflet!: typeof import("leaflet");
  private pin: Marker | undefined;

  connectedCallback(): void {
    if (this.querySelector("button")) return;
    const show = this.button(this.text("show"), () => void this.show(show));
    this.append(show);
  }

  private async show(pressed: HTMLButtonElement): Promise<void> {
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = this.text("style");
    const styled = new Promise((resolve) => style.addEventListener("load", resolve, { once: true }));
    document.head.append(style);
    [this.leaflet] = await Promise.all([import("leaflet"), styled]);
    const box = document.createElement("div");
    box.className = "p-map";
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", this.text("label"));
    pressed.replaceWith(box);
    this.map = this.drawn(box);
    if (this.hasAttribute("data-pick")) this.pick();
    else this.places();
    box.focus();
  }

  private drawn(box: HTMLElement): Shown {
    const { tiles, picture, bounds, attribution } = JSON.parse(this.text("map")) as CityMap;
    const [south, west, north, east] = bounds;
    const around: LatLngBoundsLiteral = [[south, west], [north, east]];
    const map = this.leaflet.map(box, { maxBounds: this.leaflet.latLngBounds(around).pad(0.3), minZoom: 10, zoomSnap: 0.5, maxZoom: picture ? 16 : 18 });
    map.attributionControl.setPrefix(false).addAttribution(attribution);
    if (tiles) this.leaflet.tileLayer(tiles).addTo(map);
    else if (picture) this.leaflet.imageOverlay(picture, around).addTo(map);
    map.zoomControl.setPosition("topright");
    map.getContainer().querySelectorAll(".leaflet-control-zoom a").forEach((zoom, place) => {
      zoom.setAttribute("aria-label", this.text(place === 0 ? "nearer" : "farther"));
      zoom.removeAttribute("title");
    });
    return map.fitBounds(around);
  }

  private places(): void {
    const found: LatLngTuple[] = [];
    for (const row of document.querySelectorAll<HTMLElement>(`#${this.dataset["of"]} [data-latitude]`)) {
      const link = row.querySelector("a") ?? document.querySelector("h1");
      const at: LatLngTuple = [Number(row.dataset["latitude"]), Number(row.dataset["longitude"])];
      const name = link?.textContent?.trim() ?? "";
      const marker = this.marker(at, name);
      if (link instanceof HTMLAnchorElement) {
        const shown = link.cloneNode(true) as HTMLAnchorElement;
        marker.bindPopup(shown).on("popupopen", () => shown.focus());
      }
      found.push(at);
    }
    if (found.length) this.map?.fitBounds(found, { padding: [32, 32], maxZoom: 15 });
  }

  private pick(): void {
    const status = document.createElement("p");
    status.setAttribute("role", "status");
    const put = (at: LatLngTuple | undefined) => {
      this.pin?.remove();
      this.pin = at && this.marker(at, this.text("chosen"));
      this.field("latitude").value = at ? at[0].toFixed(5) : "";
      this.field("longitude").value = at ? at[1].toFixed(5) : "";
      status.textContent = at ? this.text("chosen") : this.text("none");
    };
    this.map?.on("click", ({ latlng }) => put([latlng.lat, latlng.lng]));
    const actions = document.createElement("div");
    actions.className = "p-actions";
    const middle = () => this.map!.getCenter();
    actions.append(
      this.button(this.text("middle"), () => put([middle().lat, middle().lng])),
      this.button(this.text("remove"), () => put(undefined)),
    );
    this.append(actions, status);
    const { value: latitude } = this.field("latitude");
    if (latitude) {
      put([Number(latitude), Number(this.field("longitude").value)]);
      this.map?.setView([Number(latitude), Number(this.field("longitude").value)], 14);
    }
  }

  private marker(at: LatLngTuple, name: string): Marker {
    const icon = this.leaflet.divIcon({ className: "p-map__pin", iconSize: [28, 28], iconAnchor: [14, 30] });
    return this.leaflet.marker(at, { icon, title: name, keyboard: true }).addTo(this.map!);
  }

  private button(text: string, press: () => void): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ds-button";
    button.dataset["variant"] = "secondary";
    button.textContent = text;
    button.addEventListener("click", press);
    return button;
  }

  private field(name: string): HTMLInputElement {
    return this.closest("form")!.elements.namedItem(name) as HTMLInputElement;
  }

  private text(name: string): string {
    return this.dataset[name] ?? "";
  }
}

customElements.define("area-map", AreaMap);
