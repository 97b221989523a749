package tests.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/// All figures of a run: of each measure and case a value for each round and contender. They are printed as
/// Markdown: the median, and the ratio to the baseline's value *of the same round* with its quartiles, since
/// the machine's speed changes from round to round.
///
///     figures.add("Requests/s", "small, 64 connections", "nginx", 21_000);
final class Figures {
    private final Map<String, Map<String, Map<String, List<Double>>>> measures = new LinkedHashMap<>();
    private final String baseline;

    /// @param baseline the contender that the others are compared with
    Figures(String baseline) {
        this.baseline = baseline;
    }

    /// @param value NaN if it could not be measured in this round
    void add(String measure, String row, String contender, double value) {
        measures.computeIfAbsent(measure, _ -> new LinkedHashMap<>())
                .computeIfAbsent(row, _ -> new LinkedHashMap<>())
                .computeIfAbsent(contender, _ -> new ArrayList<>())
                .add(value);
    }

    /// @param contenders the columns, in their order
    void print(List<String> contenders) {
        measures.forEach((measure, rows) -> {
            System.out.printf(
                    "%n%s%n%n| | %s |%n|%s%n",
                    measure, String.join(" | ", contenders), " --- |".repeat(contenders.size() + 1));
            rows.forEach((row, values) -> System.out.printf(
                    "| %s | %s |%n",
                    row,
                    String.join(
                            " | ",
                            contenders.stream().map(name -> cell(values, name)).toList())));
        });
        System.out.println();
    }

    void write(ObjectNode json) {
        measures.forEach((measure, rows) -> rows.forEach((row, values) -> values.forEach((contender, list) -> {
            var cell = json.withObject(measure).withObject(row).putObject(contender);
            if (!known(list).isEmpty()) cell.put("median", Bench.median(known(list)));
            var ratios = ratios(values, contender);
            if (!ratios.isEmpty()) cell.put("ratio", Bench.median(ratios));
            var rounds = cell.putArray("rounds");
            known(list).forEach(rounds::add);
        })));
    }

    private String cell(Map<String, List<Double>> values, String contender) {
        if (!values.containsKey(contender)) return "";
        var own = known(values.get(contender));
        if (own.isEmpty()) return "too slow";
        var ratios = ratios(values, contender);
        if (contender.equals(baseline))
            return own.size() < 2
                    ? number(Bench.median(own))
                    : number(Bench.median(own)) + quartiles(own, Figures::number);
        return number(Bench.median(own))
                + (ratios.isEmpty()
                        ? ""
                        : " = ×%.2f".formatted(Bench.median(ratios))
                                + (ratios.size() < 2 ? "" : quartiles(ratios, "%.2f"::formatted)));
    }

    private List<Double> ratios(Map<String, List<Double>> values, String contender) {
        var own = values.get(contender);
        var base = values.getOrDefault(baseline, List.of());
        var ratios = new ArrayList<Double>();
        for (int i = 0; i < Math.min(own.size(), base.size()); i++)
            if (base.get(i) > 0 && !own.get(i).isNaN()) ratios.add(own.get(i) / base.get(i));
        return ratios;
    }

    private static List<Double> known(List<Double> values) {
        return values.stream().filter(value -> !value.isNaN()).toList();
    }

    private static String quartiles(List<Double> values, Function<Double, String> text) {
        var sorted = values.stream().sorted().toList();
        return " [%s .. %s]".formatted(text.apply(quantile(sorted, 0.25)), text.apply(quantile(sorted, 0.75)));
    }

    private static double quantile(List<Double> sorted, double share) {
        double at = share * (sorted.size() - 1);
        int below = (int) at;
        double next = sorted.get(Math.min(below + 1, sorted.size() - 1));
        return sorted.get(below) + (at - below) * (next - sorted.get(below));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%,.0f", value);
    }
}
