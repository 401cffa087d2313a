import { Canvas } from "../ui/canvas";

/** A party's share of the photo, drawn as it is: noise. */
export function ShareView({ share, parties }: { share: ImageData; parties: number }) {
  return (
    <div class="share-view">
      <Canvas image={share} label="Your share of the photo: noise" testid="share-canvas" />
      <div>
        <p class="big">This is your share of the photo.</p>
        <p>
          Every number in the photo was split into {parties} random numbers that add up to it, one for each
          tab. These are yours, drawn as colours. On their own they are as random as dice: any photo at all
          would give a picture like this.
        </p>
        <p>
          {parties === 2
            ? "The other share looks the same."
            : `Even ${parties - 1} of the ${parties} shares put together still look like this.`}{" "}
          Only all of them together are the photo.
        </p>
      </div>
    </div>
  );
}
