package io.forebay.fuzz;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The kept inputs of one target, in the folder `fuzz/NAME` of the test resources, and a seeded row of changes of them:
/// run again with `-Dseed= -Diterations=`.
public final class Seeds {
    private static final long SEED = Long.getLong("seed", 20_261_130L);
    private static final int ITERATIONS = Integer.getInteger("iterations", 5_000);
    private static final String ODD = "\0\t\r\n \"%&'*+,-./09:;<=>?@AZ[\\]az{}\u007f\u0080\u00ff";

    private Seeds() {}

    /// Calls the target with every kept input and with changes of them; fails with the input by which it fails.
    public static void run(String name, Consumer<byte[]> target) {
        List<byte[]> seeds = read(name);
        seeds.forEach(seed -> call(target, seed));
        Random random = new Random(SEED);
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            byte[] input = pick(seeds, random);
            for (int change = random.nextInt(4); change >= 0; change--) {
                input = changed(input, pick(seeds, random), random);
            }
            call(target, input);
        }
    }

    private static void call(Consumer<byte[]> target, byte[] input) {
        try {
            target.accept(input);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("on the input " + Base64.getEncoder().encodeToString(input), e);
        }
    }

    private static List<byte[]> read(String name) {
        URL folder = Seeds.class.getResource("/fuzz/" + name);
        if (folder == null) {
            throw new IllegalStateException("there are no inputs fuzz/" + name);
        }
        try (Stream<Path> files = Files.list(Path.of(new URI(folder.toString())))) {
            List<byte[]> seeds = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                seeds.add(Files.readAllBytes(file));
            }
            return seeds;
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("the inputs of " + name + " cannot be read", e);
        }
    }

    private static byte[] pick(List<byte[]> seeds, Random random) {
        return seeds.get(random.nextInt(seeds.size()));
    }

    /// The input with a piece of it replaced: by nothing, odd characters, itself twice, or a piece of another input.
    private static byte[] changed(byte[] input, byte[] other, Random random) {
        int from = random.nextInt(input.length + 1);
        int to = Math.min(input.length, from + random.nextInt(8));
        byte[] piece = switch (random.nextInt(4)) {
            case 0 -> new byte[0];
            case 1 -> odd(random);
            case 2 -> twice(Arrays.copyOfRange(input, from, to));
            default -> pieceOf(other, random);
        };
        byte[] result = Arrays.copyOf(input, input.length - (to - from) + piece.length);
        System.arraycopy(piece, 0, result, from, piece.length);
        System.arraycopy(input, to, result, from + piece.length, input.length - to);
        return result;
    }

    private static byte[] odd(Random random) {
        StringBuilder text = new StringBuilder();
        for (int count = random.nextInt(4); count >= 0; count--) {
            text.append(ODD.charAt(random.nextInt(ODD.length())));
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] twice(byte[] piece) {
        byte[] result = Arrays.copyOf(piece, 2 * piece.length);
        System.arraycopy(piece, 0, result, piece.length, piece.length);
        return result;
    }

    private static byte[] pieceOf(byte[] other, Random random) {
        int from = random.nextInt(other.length + 1);
        return Arrays.copyOfRange(other, from, Math.min(other.length, from + random.nextInt(40)));
    }
}
