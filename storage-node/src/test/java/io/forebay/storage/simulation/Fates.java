package io.forebay.storage.simulation;

import io.forebay.storage.simulation.DiskImage.Fate;
import io.forebay.storage.simulation.DiskImage.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// The fates of a disk image that are worth a look: everything and nothing kept, each piece alone kept and alone
/// lost, each write torn at sectors and pages, from its head and its tail, and its length kept without its bytes.
final class Fates {
    private static final int PAGE_SECTORS = Page.BYTES / Content.SECTOR_BYTES;

    private Fates() {}

    /// A fate and how a failure calls it.
    record Named(String name, Fate fate) {}

    static final Named NOTHING = new Named("nothing unsynced kept", (piece, sector) -> false);
    static final Named EVERYTHING = new Named("everything kept", (piece, sector) -> true);

    static List<Named> of(DiskImage image) {
        List<Piece> pieces = image.pieces();
        List<Named> fates = new ArrayList<>();
        fates.add(NOTHING);
        if (pieces.isEmpty()) {
            return fates;
        }
        fates.add(EVERYTHING);
        for (int number = 0; number < pieces.size(); number++) {
            int one = number;
            if (pieces.size() > 1) {
                fates.add(new Named("only piece " + one + " kept", (piece, sector) -> piece == one));
                fates.add(new Named("only piece " + one + " lost", (piece, sector) -> piece != one));
                fates.add(new Named("pieces before " + one + " kept", (piece, sector) -> piece < one));
            }
            if (!pieces.get(one).isEntry()) {
                addTorn(fates, one, pieces.get(one).sectors());
            }
        }
        return fates;
    }

    private static void addTorn(List<Named> fates, int one, int sectors) {
        fates.add(new Named("length of piece " + one + " without its bytes", new Fate() {
            @Override
            public boolean keeps(int piece, int sector) {
                return piece != one;
            }

            @Override
            public boolean keepsLength(int piece) {
                return piece == one;
            }
        }));
        for (int cut : new int[] {1, PAGE_SECTORS, sectors / 2, sectors - 1}) {
            if (cut > 0 && cut < sectors) {
                fates.add(new Named(
                        "first " + cut + " sectors of piece " + one, (piece, sector) -> piece != one || sector < cut));
                fates.add(new Named(
                        "piece " + one + " without its first " + cut + " sectors",
                        (piece, sector) -> piece != one || sector >= cut));
            }
        }
    }

    /// A fate in which every sector is kept or lost by chance, most pieces as a whole.
    static Named random(Random random) {
        long seed = random.nextLong();
        int share = random.nextInt(5);
        return new Named("random fate " + seed, new Fate() {
            @Override
            public boolean keeps(int piece, int sector) {
                long mixed = Page.mix(Page.mix(seed + piece));
                boolean torn = Math.floorMod(mixed, 3) == 0;
                return Math.floorMod(torn ? Page.mix(mixed + sector) : mixed >>> 8, 5) < share;
            }

            @Override
            public boolean keepsLength(int piece) {
                return Math.floorMod(Page.mix(seed ^ piece), 7) == 0;
            }
        });
    }
}
