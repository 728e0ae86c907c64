// Package main prints a line.
package main

import "fmt"

func main() {
	fmt.Println("shop")
}
