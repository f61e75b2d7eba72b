"""The shared portal seen from elsewhere: what travels on the wire, and the client that a notebook uses."""
