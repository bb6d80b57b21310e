package web

import (
	"reflect"
	"strconv"
	"strings"

	"cairn/internal/kit/errs"
)

// places says where the fields of an operation's input stand: "query.limit",
// "path.id", or a JSON pointer into the body, "/facts".
type places map[string]string

func placesOf(in reflect.Type) places {
	at := places{}
	for i := range in.NumField() {
		f := in.Field(i)
		for _, kind := range []string{"query", "path", "header"} {
			if name, ok := f.Tag.Lookup(kind); ok {
				name, _, _ = strings.Cut(name, ",")
				at[name] = kind + "." + name
			}
		}
		switch {
		case f.Anonymous && !f.IsExported():
			panic("web: what " + in.String() + " embeds is not read: " + f.Name + " is not exported")
		case f.Anonymous && f.Type.Kind() == reflect.Struct:
			for name, place := range placesOf(f.Type) {
				at[name] = place
			}
		case f.Name == "Body" && f.Type.Kind() == reflect.Struct:
			for name, place := range bodyPlaces(f.Type) {
				at[name] = place
			}
		}
	}
	return at
}

func bodyPlaces(body reflect.Type) places {
	at := places{}
	for i := range body.NumField() {
		if name, _, _ := strings.Cut(body.Field(i).Tag.Get("json"), ","); name != "" && name != "-" {
			at[name] = "/" + name
		}
	}
	return at
}

// of finds the place of a field that a service named. What is a pointer already
// stays one; what the input does not have is said by its name.
func (p places) of(name string) string {
	if place, ok := p[name]; ok {
		return place
	}
	return name
}

// pointer turns huma's "body.items[2].name" into "/items/2/name" (RFC 6901).
func pointer(location string) string {
	rest, ok := strings.CutPrefix(location, "body")
	if !ok || rest == "" {
		return location
	}
	return strings.NewReplacer("[", "/", "]", "", ".", "/").Replace(rest)
}

// Inside says of an error's fields that they stand below a pointer: "name" in
// "/facts" is "/facts/name".
func Inside(base string, err error, names func(string) bool) error {
	fields := errs.FieldsOf(err)
	if len(fields) == 0 {
		return err
	}
	moved := make([]errs.Field, len(fields))
	for i, f := range fields {
		if moved[i] = f; names(f.Name) {
			moved[i].Name = base + "/" + strings.TrimPrefix(f.Name, "/")
		}
	}
	return &errs.Error{Kind: errs.KindOf(err), Message: MessageOf(err), Fields: moved, Err: err}
}

// refuseNoText refuses input with text that neither database can keep: NUL and
// broken UTF-8.
func refuseNoText(in any) error {
	var c errs.Check
	findNoText(reflect.ValueOf(in), "", &c)
	return c.Err()
}

func findNoText(v reflect.Value, at string, c *errs.Check) {
	switch v.Kind() {
	case reflect.String:
		if !isText(v.String()) {
			c.Add(at, "This contains bytes that are no text.")
		}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			findNoText(v.Elem(), at, c)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				findNoText(v.Field(i), placeIn(at, f), c)
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return // a file
		}
		for i := range v.Len() {
			findNoText(v.Index(i), at+"/"+strconv.Itoa(i), c)
		}
	case reflect.Map:
		for each := v.MapRange(); each.Next(); {
			findNoText(each.Key(), at, c)
			findNoText(each.Value(), at+"/"+strings.ToValidUTF8(strings.ReplaceAll(each.Key().String(), "\x00", ""), ""), c)
		}
	default: // numbers and truths are always sound
	}
}

// placeIn names a field of the input, or of its body.
func placeIn(at string, f reflect.StructField) string {
	for _, kind := range []string{"query", "path", "header"} {
		if name, ok := f.Tag.Lookup(kind); ok {
			return kind + "." + name
		}
	}
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if f.Anonymous || f.Name == "Body" || name == "" {
		return at
	}
	return at + "/" + name
}
