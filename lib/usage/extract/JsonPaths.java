package lib.usage.extract;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// The places in a JSON document that a [JsonScan] looks for, as a tree. It skips everything else.
///
///     new JsonPaths().number("usage.iterations[].input_tokens", 3).text("model", 0)
///
/// A path is the list of keys from the outermost object on; `[]` stands for every element of an array.
final class JsonPaths {
    private static final int NONE = -1;

    private final Node root = new Node();

    /// A value in the document that is looked for, or that contains such a value.
    static final class Node {
        private final List<String> names = new ArrayList<>();
        private final List<Node> nodes = new ArrayList<>();
        private byte[][] bytes = {};
        /// The indices in `names`, by the length of the name in bytes, so that only names of the right length are
        /// compared.
        private int[][] byLength = {};
        /// The node of the elements if the value is an array; null if none is looked for.
        private Node element;
        private int number = NONE;
        private int text = NONE;
        private int container = NONE;
        private boolean flag;
        private boolean said;
        private boolean document;

        /// Returns the node below this key; null if nothing below it is looked for.
        Node child(byte[] text, int from, int length) {
            if (length >= byLength.length) return null;
            for (var i : byLength[length])
                if (Arrays.equals(bytes[i], 0, length, text, from, from + length)) return nodes.get(i);
            return null;
        }

        Node element() {
            return element;
        }

        boolean hasChildren() {
            return !names.isEmpty();
        }

        boolean isNumber() {
            return number >= 0;
        }

        boolean isText() {
            return text >= 0;
        }

        boolean isFlag() {
            return flag;
        }

        boolean isContainer() {
            return container >= 0;
        }

        /// Tells whether the value is text that the model wrote.
        boolean isSaid() {
            return said;
        }

        /// Tells whether the value is a document of its own inside another one.
        boolean isDocument() {
            return document;
        }

        int number() {
            return number;
        }

        int text() {
            return text;
        }

        int container() {
            return container;
        }

        private Node add(String name) {
            int at = names.indexOf(name);
            if (at >= 0) return nodes.get(at);
            names.add(name);
            nodes.add(new Node());
            bytes = names.stream()
                    .map(each -> each.getBytes(StandardCharsets.UTF_8))
                    .toArray(byte[][]::new);
            byLength = IntStream.rangeClosed(
                            0,
                            Arrays.stream(bytes)
                                    .mapToInt(each -> each.length)
                                    .max()
                                    .orElse(0))
                    .mapToObj(length -> IntStream.range(0, bytes.length)
                            .filter(i -> bytes[i].length == length)
                            .toArray())
                    .toArray(int[][]::new);
            return nodes.getLast();
        }

        private Node addElement() {
            if (element == null) element = new Node();
            return element;
        }
    }

    Node root() {
        return root;
    }

    /// Looks for a number at this path.
    ///
    /// @param id the id under which the number is reported; several paths may share one
    JsonPaths number(String path, int id) {
        node(path).number = id;
        return this;
    }

    /// Looks for a text at this path.
    JsonPaths text(String path, int id) {
        node(path).text = id;
        return this;
    }

    /// Looks for `true` at this path, and reports it as the text `true`.
    JsonPaths flag(String path, int id) {
        node(path).text = id;
        node(path).flag = true;
        return this;
    }

    /// Looks for an object or an array at this path.
    JsonPaths container(String path, int id) {
        node(path).container = id;
        return this;
    }

    /// Treats each object at this path as a document of its own.
    JsonPaths document(String path) {
        node(path).document = true;
        return this;
    }

    /// Counts the bytes of the text at this path, because the model wrote it.
    JsonPaths said(String path) {
        node(path).said = true;
        return this;
    }

    private Node node(String path) {
        var node = root;
        for (var key : path.split("\\.")) {
            var isArray = key.endsWith("[]");
            node = node.add(isArray ? key.substring(0, key.length() - 2) : key);
            if (isArray) node = node.addElement();
        }
        return node;
    }
}
