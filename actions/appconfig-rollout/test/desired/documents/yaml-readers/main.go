// Compares the pairs of pairs.json as Go's gopkg.in/yaml.v3 reads them.
package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"reflect"
	"strings"

	"gopkg.in/yaml.v3"
)

type pair struct {
	Name, Before, After string
}

func read(text string) ([]any, error) {
	decoder := yaml.NewDecoder(strings.NewReader(text))
	documents := []any{}
	for {
		var document any
		if err := decoder.Decode(&document); errors.Is(err, io.EOF) {
			return documents, nil
		} else if err != nil {
			return nil, err
		}
		documents = append(documents, document)
	}
}

func compare(before, after string) string {
	a, errA := read(before)
	b, errB := read(after)
	if errA != nil || errB != nil {
		return "error"
	}
	if reflect.DeepEqual(a, b) {
		return "equal"
	}
	return "different"
}

func main() {
	text, err := os.ReadFile("pairs.json")
	if err != nil {
		panic(err)
	}
	var pairs []pair
	if err := json.Unmarshal(text, &pairs); err != nil {
		panic(err)
	}
	results := map[string]string{}
	for _, each := range pairs {
		results[each.Name] = compare(each.Before, each.After)
	}
	output, _ := json.Marshal(map[string]any{"reader": "gopkg.in/yaml.v3 v3.0.1", "results": results})
	os.Stdout.Write(append(output, '\n'))
}
