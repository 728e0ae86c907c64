// Compares the pairs of pairs.json as SnakeYAML reads them. JSON is YAML: SnakeYAML reads the file as well.
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

public class SnakeYaml {
  private static List<Object> read(String text) {
    List<Object> documents = new ArrayList<>();
    new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(text).forEach(documents::add);
    return documents;
  }

  /** A description that keeps types apart and shows the content of arrays. */
  private static String describe(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream().map(e -> describe(e.getKey()) + "=" + describe(e.getValue())).sorted()
          .collect(Collectors.joining(",", "map{", "}"));
    }
    if (value instanceof java.util.Set<?> set) {
      return set.stream().map(SnakeYaml::describe).sorted().collect(Collectors.joining(",", "set{", "}"));
    }
    if (value instanceof List<?> list) {
      return list.stream().map(SnakeYaml::describe).collect(Collectors.joining(",", "list[", "]"));
    }
    if (value instanceof byte[] bytes) return "bytes" + java.util.Arrays.toString(bytes);
    return value == null ? "null" : value.getClass().getSimpleName() + " " + value;
  }

  private static String compare(String before, String after) {
    try {
      return describe(read(before)).equals(describe(read(after))) ? "equal" : "different";
    } catch (YAMLException e) {
      return "error";
    }
  }

  @SuppressWarnings("unchecked")
  public static void main(String[] args) throws Exception {
    Map<String, String> results = new LinkedHashMap<>();
    for (Object each : (List<Object>) read(Files.readString(Path.of("pairs.json"))).get(0)) {
      Map<String, Object> pair = (Map<String, Object>) each;
      results.put((String) pair.get("name"), compare((String) pair.get("before"), (String) pair.get("after")));
    }
    String items = results.entrySet().stream().map(e -> quote(e.getKey()) + ":" + quote(e.getValue()))
        .collect(Collectors.joining(","));
    System.out.println("{\"reader\":\"SnakeYAML " + args[0] + "\",\"results\":{" + items + "}}");
  }

  private static String quote(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
