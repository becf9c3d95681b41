print("wirelark")
